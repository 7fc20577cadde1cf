"""Subcommands of /label for coordinators and senior experts."""

from __future__ import annotations

from handlers import (
    assignment,
    audit,
    campaign_create,
    campaign_edit,
    campaign_lifecycle,
    corrections,
    experts,
    exports,
    guidelines,
    hours,
    imports,
    items,
    reminders,
    reviews,
    templates,
    workspace_settings,
)
from handlers.payloads import Subcommand
from storage.tables import Role

MORE_ROW_OPTIONS = (
    "More options, written like since=last: split, since, deduplicate, meta, pseudonyms, redact, "
    "evidence, ties, both-bad, gap, license, language."
)
"""What the help of commands that export says about the options of rows that few people need."""

COORDINATOR_SUBCOMMANDS: dict[str, Subcommand] = {
    "import": Subcommand(
        imports.start_from_command,
        "Import items into a campaign from a file or a URL",
        usage="[CAMPAIGN] [URL]",
        example="jokes",
        details="You check how columns are mapped before anything is imported. "
        "You can also drop a file in your DM with the bot.",
        role=Role.COORDINATOR,
        activity="import items",
    ),
    "items": Subcommand(
        items.open_from_command,
        "Search the items of a campaign; show, hold or delete them",
        usage="[CAMPAIGN] [TEXT]",
        example="jokes penguin",
        details="The text is part of what experts read, the id of an item, or the reference of a "
        "task.",
        role=Role.COORDINATOR,
        activity="search items",
    ),
    "review": Subcommand(
        reviews.start_from_command,
        "Review disagreements, flagged items and tasks on hold",
        usage="[CAMPAIGN] [only=flags]",
        example="jokes only=disagreements",
        details="With only=, you get cases of one kind: flags, skipped, disagreements or sample. "
        "You see answers without names. A decision does not change what experts answered.",
        role=Role.SENIOR,
        activity="review answers",
    ),
    "fix": Subcommand(
        corrections.show_actions_from_command,
        "Change answers per item, unassign tasks, reopen or exclude answers",
        usage="[CAMPAIGN]",
        example="jokes",
        details="Nothing is deleted: excluded answers can be included again.",
        role=Role.COORDINATOR,
        activity="fix campaigns",
    ),
    "export": Subcommand(
        exports.export_from_command,
        "Export a dataset and send it to you or to a channel",
        usage="[CAMPAIGN] [FORMAT] [aggregate=none] [min-agreement=0.8] [source=…] [#CHANNEL]",
        example="jokes rating",
        details="The default format is the training format of the campaign's kind. Answers to an "
        "item become one row by majority; none, weighted and dawid-skene are other ways. "
        "Without a campaign, you choose one and get a dialog with all options. " + MORE_ROW_OPTIONS,
        role=Role.COORDINATOR,
        activity="export datasets",
    ),
    "schedule": Subcommand(
        exports.schedule_from_command,
        "Schedule exports of a campaign",
        usage="[CAMPAIGN] [daily 06:00 | weekly fri 18:00 | CRON] [FORMAT] [aggregate=none] "
        "[#CHANNEL]",
        example="jokes weekdays 06:00 #datasets",
        details="With only a campaign, it lists the schedules, with buttons to remove them. "
        + MORE_ROW_OPTIONS,
        role=Role.COORDINATOR,
        activity="schedule exports",
    ),
    "new": Subcommand(
        campaign_create.open_from_command,
        "Create a campaign",
        usage="[TEMPLATE]",
        example="jokes",
        details="A dialog asks for the task, the people and the schedule in three steps, and shows "
        "what experts will see. It keeps what you enter. A template fills it in.",
        role=Role.COORDINATOR,
        activity="create campaigns",
    ),
    "edit": Subcommand(
        campaign_edit.edit_from_command,
        "Change the title, deadline, reminders or answers per item of a campaign",
        usage="[CAMPAIGN]",
        example="jokes",
        details="What answers so far mean never changes. To change that, clone the campaign.",
        role=Role.COORDINATOR,
        activity="edit campaigns",
    ),
    "clone": Subcommand(
        campaign_edit.clone_from_command,
        "Clone a campaign with its settings and people, without items",
        usage="[CAMPAIGN] [NAME]",
        example="jokes jokes-2",
        role=Role.COORDINATOR,
        activity="clone campaigns",
    ),
    "templates": Subcommand(
        templates.list_or_save,
        "List templates, or save the settings of a campaign as one",
        usage="[CAMPAIGN] [NAME]",
        example="jokes weekly-jokes",
        details="A template has no people, items, deadline and exports. /label new TEMPLATE "
        "creates a campaign from it.",
        role=Role.COORDINATOR,
        activity="save templates",
    ),
    "pause": Subcommand(
        campaign_lifecycle.pause,
        "Pause a campaign; no new tasks or reminders are sent",
        usage="[CAMPAIGN]",
        example="jokes",
        details="Open tasks can still be answered.",
        role=Role.COORDINATOR,
        activity="pause campaigns",
    ),
    "resume": Subcommand(
        campaign_lifecycle.resume,
        "Resume a paused campaign",
        usage="[CAMPAIGN]",
        example="jokes",
        role=Role.COORDINATOR,
        activity="resume campaigns",
    ),
    "close": Subcommand(
        campaign_lifecycle.close,
        "Close a campaign permanently, after a confirmation",
        usage="[CAMPAIGN]",
        example="jokes",
        details="Open tasks are unassigned, and scheduled exports run once more.",
        role=Role.COORDINATOR,
        activity="close campaigns",
    ),
    "assign": Subcommand(
        assignment.assign,
        "Assign the next tasks, or a certain item, to experts",
        usage="[@PERSON …] [CAMPAIGN] [COUNT | ITEM]",
        example="@ada jokes 5",
        details="Tasks are delivered one at a time in working hours, whatever the experts' "
        "domains. A dialog asks for missing arguments.",
        role=Role.COORDINATOR,
        activity="assign tasks",
    ),
    "remind": Subcommand(
        reminders.remind,
        "Remind experts with open tasks now, and list who was skipped",
        usage="[CAMPAIGN]",
        example="jokes",
        details="Working hours, Do Not Disturb and reminder caps still apply.",
        role=Role.COORDINATOR,
        activity="send reminders",
    ),
    "guidelines": Subcommand(
        guidelines.open_from_command,
        "Edit the guidelines of a campaign",
        usage="[CAMPAIGN]",
        example="jokes",
        details="Each change creates a version. Experts see what changed on their next task.",
        role=Role.COORDINATOR,
        activity="edit guidelines",
    ),
    "invite": Subcommand(
        experts.invite_from_command,
        "Add people to a campaign",
        usage="[@PERSON …] [domain=…] [language=…] [role=…] [CAMPAIGN]",
        example="@ada @linguists domain=law language=en,de jokes",
        details="User groups and channels add all their members. Roles are expert, senior and "
        "coordinator. A dialog asks for missing arguments.",
        role=Role.COORDINATOR,
        activity="invite people",
    ),
    "experts": Subcommand(
        experts.list_experts,
        "List experts with their domains, roles and campaigns",
        usage="[CAMPAIGN]",
        example="jokes",
        details="Each expert has a button to edit these.",
        role=Role.COORDINATOR,
        activity="list experts",
    ),
    "hours": Subcommand(
        hours.show_hours,
        "List answers and hours by month or week, campaign and expert",
        usage="[CAMPAIGN] [by=week]",
        example="jokes by=week",
        details="Time is active time on tasks, without long pauses.",
        role=Role.COORDINATOR,
        activity="list hours",
    ),
    "settings": Subcommand(
        workspace_settings.open_from_command,
        "Change the workspace settings",
        details="Coordinators' channel, reminder limits, weekly summary.",
        role=Role.COORDINATOR,
        activity="change the workspace settings",
    ),
    "audit": Subcommand(
        audit.show_latest,
        "Show the audit log of one campaign or all",
        usage="[CAMPAIGN]",
        example="jokes",
        role=Role.COORDINATOR,
        activity="read the audit log",
    ),
}
"""Subcommands of /label that need a role, in the order of the help text."""
