INSERT INTO campaign (id, name, title, kind, settings, guidelines, guidelines_version, overlap, lease_minutes, reminder_minutes, seed, state, created_at)
VALUES (1, 'tone', 'Tone', 'comparison', '{}', '', 1, 2, 60, '[]', 's', 'open', '2026-03-02 09:00:00');
INSERT INTO expert (id, slack_id, name, pseudonym, tz, day_starts, day_ends, days, created_at)
VALUES (1, 'U1', 'Ada', 'expert-1', 'UTC', 540, 1020, '[1]', '2026-03-02 09:00:00');
INSERT INTO membership (campaign_id, expert_id, last_task_id, joined_at)
VALUES (1, 1, 0, '2026-03-02 09:00:00');
INSERT INTO item (id, campaign_id, key, prompt, meta, created_at)
VALUES (1, 1, 'k', '[]', '{}', '2026-03-02 09:00:00');
INSERT INTO task (id, campaign_id, item_id, overlap, taken)
VALUES (1, 1, 1, 2, 1);
INSERT INTO assignment (id, task_id, campaign_id, expert_id, state, candidate_order, value, complete, version, in_thread, created_at, leased_until)
VALUES (1, 1, 1, 1, 'answered', '[0, 1]', '{"verdict": "tie"}', true, 1, false, '2026-03-02 09:00:00', '2026-03-02 10:00:00');
INSERT INTO annotation (assignment_id, version, value, complete, click, guidelines_version, read_in_full, created_at)
VALUES (1, 1, '{"verdict": "tie"}', true, 'c', 1, false, '2026-03-02 09:00:00')
