# Two stages: the first installs what requirements.lock lists and builds the wheel, the second has
# only the result. Nothing runs as root.
FROM python:3.13-slim AS build

WORKDIR /src
RUN python -m venv /opt/labelbot && python -m venv /opt/build
COPY requirements.lock ./
RUN /opt/labelbot/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check hatchling \
    && /opt/build/bin/python -m hatchling build --target wheel --directory /src/dist \
    && /opt/labelbot/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps dist/*.whl \
    && /opt/labelbot/bin/pip uninstall --yes pip

FROM python:3.13-slim

RUN useradd --system --uid 10001 --home-dir /data --no-create-home labelbot \
    && install --directory --owner labelbot --group labelbot --mode 0700 /data
COPY --from=build /opt/labelbot /opt/labelbot
USER labelbot
WORKDIR /data
VOLUME /data
ENV PATH=/opt/labelbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/labelbot.db \
    LABELBOT_EXPORTS=/data/exports \
    LABELBOT_IMPORTS=/data/imports \
    LABELBOT_HOST=0.0.0.0 \
    LABELBOT_PORT=8080
EXPOSE 8080
# The bot stops within ten seconds after SIGTERM.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/livez', timeout=4)"]
ENTRYPOINT ["labelbot"]
CMD ["run"]
