-- Data of revision 0003: at least one row of each table. Never changed after release 0.1.0.
INSERT INTO audit_event (id, at, actor, action, subject, origin, details)
VALUES (1, '2026-11-30 14:30:00.994095', 'ada', 'created a campaign', 'campaign pairs', 'command line', '{"kind":"comparison","overlap":2}');
INSERT INTO audit_event (id, at, actor, action, subject, origin, details)
VALUES (2, '2026-11-30 14:30:00.994095', 'ada', 'added an expert', 'campaign pairs', 'command line', '{"expert":"U010000005"}');
INSERT INTO audit_event (id, at, actor, action, subject, origin, details)
VALUES (3, '2026-11-30 14:30:00.994095', 'ada', 'added an expert', 'campaign pairs', 'command line', '{"expert":"U010000007"}');
INSERT INTO audit_event (id, at, actor, action, subject, origin, details)
VALUES (4, '2026-11-30 14:30:00.994095', 'ada', 'imported a file', 'campaign pairs', 'command line', '{"file":"two.jsonl","added":2,"existing":0,"rejected":0}');
INSERT INTO audit_event (id, at, actor, action, subject, origin, details)
VALUES (5, '2026-11-30 14:30:02.212138', 'ada', 'requested an export', 'campaign pairs', 'command line', '{"format":"preference"}');
INSERT INTO audit_event (id, at, actor, action, subject, origin, details)
VALUES (6, '2026-11-30 14:30:02.212138', 'ada', 'requested an export', 'campaign pairs', 'command line', '{"format":"annotations"}');
INSERT INTO campaign (id, name, title, kind, settings, guidelines, guidelines_version, overlap, lease_minutes, reminder_minutes, seed, state, deadline, domains, language, skip_policy, gold_share, guidelines_link, channel, created_by, created_at)
VALUES (1, 'pairs', 'Better answers', 'comparison', '{"reason":"optional","reason_categories":[],"confidence":false,"levels":1,"strength":false,"write_better":true}', '', 1, 2, 960, '[240,480,720]', 'f3e1fe592ceb7126763b3139e5f87e2a', 'open', NULL, '[]', NULL, 'reassign', 0.0, NULL, NULL, NULL, '2026-11-30 14:30:00.994095');
INSERT INTO digest_schedule (id, cron, tz, due_at)
VALUES (1, '0 9 * * mon', 'UTC', '2026-12-07 09:00:00.000000');
INSERT INTO expert (id, slack_id, name, pseudonym, tz, work_starts_minute, work_ends_minute, work_days, channel, away_since, profile_synced_at, domains, languages, has_custom_hours, has_custom_tz, daily_limit_minutes, batch_size, batch_started_at, daily_limit_lifted_at, wants_reminders, locale, paused_until, status_away_until, dnd_until, dnd_checked_at, opt_out_asked_at, welcome_back_due, last_dispatched_at, created_at)
VALUES (1, 'U010000005', 'Ada Okafor', 'expert-aee5c22c', 'Europe/London', 540, 1020, '[1,2,3,4,5]', 'D010000006', NULL, '2026-11-30 14:30:01.781176', '[]', '[]', false, false, NULL, NULL, NULL, NULL, true, 'en', NULL, NULL, NULL, '2026-11-30 14:30:01.996954', NULL, false, '2026-11-30 14:30:02.012530', '2026-11-30 14:30:00.994095');
INSERT INTO expert (id, slack_id, name, pseudonym, tz, work_starts_minute, work_ends_minute, work_days, channel, away_since, profile_synced_at, domains, languages, has_custom_hours, has_custom_tz, daily_limit_minutes, batch_size, batch_started_at, daily_limit_lifted_at, wants_reminders, locale, paused_until, status_away_until, dnd_until, dnd_checked_at, opt_out_asked_at, welcome_back_due, last_dispatched_at, created_at)
VALUES (2, 'U010000007', 'Grace Lindqvist', 'expert-13bbd1d9', 'America/New_York', 540, 1020, '[1,2,3,4,5]', 'D010000008', NULL, '2026-11-30 14:30:01.823885', '[]', '[]', false, false, NULL, NULL, NULL, NULL, true, 'en', NULL, NULL, NULL, '2026-11-30 14:30:02.009637', NULL, false, '2026-11-30 14:30:02.012530', '2026-11-30 14:30:00.994095');
INSERT INTO outbox (id, message_type, recipient, payload, response_url, state, attempts, due_at, created_at, sent_at, error)
VALUES (1, 'new_task', 'U010000005', '{"is_dispatched":true}', NULL, 'waiting', 0, '2026-11-30 14:30:08.026037', '2026-11-30 14:30:02.012530', NULL, NULL);
INSERT INTO outbox (id, message_type, recipient, payload, response_url, state, attempts, due_at, created_at, sent_at, error)
VALUES (3, 'task_page', 'U010000005', '{"assignment_id":1,"channel":"D010000006","message_ts":"1796049002.054492"}', 'https://hooks.slack.com/actions/1', 'sent', 1, '2026-11-30 14:30:08.072023', '2026-11-30 14:30:02.062727', '2026-11-30 14:30:02.104259', NULL);
INSERT INTO role_grant (slack_id, role, source, created_at)
VALUES ('U010000009', 'coordinator', 'command line', '2026-11-30 14:30:03.000000');
INSERT INTO workspace_setting (name, value, changed_by, changed_at)
VALUES ('reminders_per_day', '{"value":1}', 'U010000009', '2026-11-30 14:30:03.000000');
INSERT INTO agreement_report (campaign_id, figures, computed_at)
VALUES (1, '{"answers":2,"questions":{"winner":{"units":1,"answers":2,"pairwise_agreement":0.0,"alpha":0.0,"low":null,"high":null}},"sources":{"split":1},"experts":{"1":{"answers":1,"median_seconds":0.0,"agreement":0.0,"compared_answers":1,"gold_accuracy":null},"2":{"answers":1,"median_seconds":0.0,"agreement":0.0,"compared_answers":1,"gold_accuracy":null}}}', '2026-11-30 14:30:02.086085');
INSERT INTO export_schedule (id, campaign_id, format, directory, cron, tz, channel, due_at, created_at)
VALUES (1, 1, 'preference', '/exports', '0 6 * * *', 'Europe/Berlin', 'C010000001', '2026-12-01 05:00:00.000000', '2026-11-30 14:30:03.000000');
INSERT INTO guidelines_version (campaign_id, version, text, note, changed_by, created_at)
VALUES (1, 1, '', '', 'ada', '2026-11-30 14:30:00.994095');
INSERT INTO import_run (id, campaign_id, requested_by, name, path, column_mapping, state, added, existing, rejected, attempts, error, created_at, started_at, finished_at)
VALUES (1, 1, 'U010000009', 'two.jsonl', '/imports/two.jsonl', '{"prompt":"question"}', 'done', 2, 0, 0, 1, NULL, '2026-11-30 14:30:03.000000', '2026-11-30 14:30:03.000000', '2026-11-30 14:30:03.000000');
INSERT INTO item (id, campaign_id, key, prompt, draft, meta, media, domains, language, gold, author, created_at)
VALUES (1, 1, 'pair-1', '[{"role":"user","content":"Why is the sky blue?"}]', NULL, '{"author":"U0AUTHOR","domain":"physics"}', '[]', '[]', NULL, NULL, NULL, '2026-11-30 14:30:00.994095');
INSERT INTO item (id, campaign_id, key, prompt, draft, meta, media, domains, language, gold, author, created_at)
VALUES (2, 1, 'pair-2', '[{"role":"user","content":"Name a river."}]', NULL, '{}', '[]', '[]', NULL, NULL, NULL, '2026-11-30 14:30:00.994095');
INSERT INTO membership (campaign_id, expert_id, scan_position, last_full_scan_at, guidelines_version_seen, left_at, joined_at)
VALUES (1, 1, 2, '2026-11-30 14:30:02.155136', 1, NULL, '2026-11-30 14:30:00.994095');
INSERT INTO membership (campaign_id, expert_id, scan_position, last_full_scan_at, guidelines_version_seen, left_at, joined_at)
VALUES (1, 2, 2, '2026-11-30 14:30:02.155145', 1, NULL, '2026-11-30 14:30:00.994095');
INSERT INTO quarantine (id, campaign_id, expert_id, since, reason, created_by, created_at, lifted_by, lifted_at)
VALUES (1, 1, 2, '2026-11-30 14:30:03.000000', 'A bot', 'U010000009', '2026-11-30 14:30:03.000000', 'U010000009', '2026-11-30 14:30:03.000000');
INSERT INTO reminder_message (id, expert_id, assignment_ids, created_at)
VALUES (1, 1, '[3]', '2026-11-30 14:30:03.000000');
INSERT INTO candidate (item_id, position, text, model, media, author)
VALUES (1, 0, 'Air scatters blue light most.', 'heron-7b', '[]', NULL);
INSERT INTO candidate (item_id, position, text, model, media, author)
VALUES (1, 1, 'It reflects the sea.', 'wren-mini', '[]', NULL);
INSERT INTO candidate (item_id, position, text, model, media, author)
VALUES (2, 0, 'The Nile.', 'wren-mini', '[]', NULL);
INSERT INTO candidate (item_id, position, text, model, media, author)
VALUES (2, 1, 'Everest.', 'heron-7b', '[]', NULL);
INSERT INTO export_run (id, campaign_id, schedule_id, format, directory, requested_by, channel, freezes, due_at, state, attempts, started_at, finished_at, rows, left_out, path, error)
VALUES (1, 1, 1, 'preference', '/exports', NULL, NULL, false, '2026-11-30 14:30:02.212138', 'done', 1, '2026-11-30 14:30:02.212138', '2026-11-30 14:30:02.639909', 3, 1, '/exports/pairs-preference-20261130T143002Z', NULL);
INSERT INTO task (id, campaign_id, item_id, overlap, slots_taken, audience, needs_rescan, is_gold, confirms_assignment_id, on_hold_since, on_hold_reason)
VALUES (1, 1, 1, 2, 2, 'anybody', false, false, NULL, NULL, NULL);
INSERT INTO task (id, campaign_id, item_id, overlap, slots_taken, audience, needs_rescan, is_gold, confirms_assignment_id, on_hold_since, on_hold_reason)
VALUES (2, 1, 2, 2, 2, 'anybody', false, false, NULL, NULL, NULL);
INSERT INTO assignment (id, task_id, campaign_id, expert_id, state, candidate_order, value, complete, version, shown, read_in_full_at, skip_reason, channel, message_ts, answered_in_thread, created_at, delivered_at, answered_at, leased_until, lease_paused_at, opened_at, sent_back_reason, finalized_by, selection_reason, guidelines_changed_since)
VALUES (1, 1, 1, 1, 'answered', '[1,0]', '{"verdict":"a"}', true, 1, '{"prompt":{"characters":20,"shown":20},"a":{"characters":20,"shown":20},"b":{"characters":29,"shown":29}}', NULL, NULL, 'D010000006', '1796049002.054492', false, '2026-11-30 14:30:02.012530', '2026-11-30 14:30:02.033063', '2026-11-30 14:30:02.062727', '2026-11-30 14:30:02.062727', NULL, NULL, NULL, NULL, '{"domains":[],"language":null,"is_dispatched":true,"is_only_candidate":false}', NULL);
INSERT INTO assignment (id, task_id, campaign_id, expert_id, state, candidate_order, value, complete, version, shown, read_in_full_at, skip_reason, channel, message_ts, answered_in_thread, created_at, delivered_at, answered_at, leased_until, lease_paused_at, opened_at, sent_back_reason, finalized_by, selection_reason, guidelines_changed_since)
VALUES (2, 1, 1, 2, 'answered', '[1,0]', '{"verdict":"b"}', true, 1, '{"prompt":{"characters":20,"shown":20},"a":{"characters":20,"shown":20},"b":{"characters":29,"shown":29}}', NULL, NULL, 'D010000008', '1796049002.067880', false, '2026-11-30 14:30:02.012530', '2026-11-30 14:30:02.033474', '2026-11-30 14:30:02.069944', '2026-11-30 14:30:02.069944', NULL, NULL, NULL, NULL, '{"domains":[],"language":null,"is_dispatched":true,"is_only_candidate":false}', NULL);
INSERT INTO assignment (id, task_id, campaign_id, expert_id, state, candidate_order, value, complete, version, shown, read_in_full_at, skip_reason, channel, message_ts, answered_in_thread, created_at, delivered_at, answered_at, leased_until, lease_paused_at, opened_at, sent_back_reason, finalized_by, selection_reason, guidelines_changed_since)
VALUES (3, 2, 1, 1, 'answered', '[0,1]', '{"verdict":"both_bad"}', true, 1, '{"prompt":{"characters":13,"shown":13},"a":{"characters":9,"shown":9},"b":{"characters":8,"shown":8}}', NULL, NULL, 'D010000006', '1796049002.054492', false, '2026-11-30 14:30:02.082862', '2026-11-30 14:30:02.082862', '2026-11-30 14:30:02.121400', '2026-11-30 14:30:02.121400', NULL, NULL, NULL, NULL, '{"domains":[],"language":null}', NULL);
INSERT INTO assignment (id, task_id, campaign_id, expert_id, state, candidate_order, value, complete, version, shown, read_in_full_at, skip_reason, channel, message_ts, answered_in_thread, created_at, delivered_at, answered_at, leased_until, lease_paused_at, opened_at, sent_back_reason, finalized_by, selection_reason, guidelines_changed_since)
VALUES (4, 2, 1, 2, 'answered', '[0,1]', '{"verdict":"a"}', true, 1, '{"prompt":{"characters":13,"shown":13},"a":{"characters":9,"shown":9},"b":{"characters":8,"shown":8}}', NULL, NULL, 'D010000008', '1796049002.067880', false, '2026-11-30 14:30:02.082874', '2026-11-30 14:30:02.082874', '2026-11-30 14:30:02.136215', '2026-11-30 14:30:02.136215', NULL, NULL, NULL, NULL, '{"domains":[],"language":null}', NULL);
INSERT INTO decision (id, task_id, value, candidate_order, reason, decided_by, created_at)
VALUES (1, 1, '{"verdict":"tie"}', '[0,1]', 'Equally good', 'U010000009', '2026-11-30 14:30:03.000000');
INSERT INTO annotation (assignment_id, version, value, complete, interaction_id, guidelines_version, shown, read_in_full, seconds, paused, created_at)
VALUES (1, 1, '{"verdict":"a"}', true, '1796049002.062043', 1, '{"prompt":{"characters":20,"shown":20},"a":{"characters":20,"shown":20},"b":{"characters":29,"shown":29}}', false, 0, false, '2026-11-30 14:30:02.062727');
INSERT INTO annotation (assignment_id, version, value, complete, interaction_id, guidelines_version, shown, read_in_full, seconds, paused, created_at)
VALUES (2, 1, '{"verdict":"b"}', true, '1796049002.069428', 1, NULL, false, 0, false, '2026-11-30 14:30:02.069944');
INSERT INTO annotation (assignment_id, version, value, complete, interaction_id, guidelines_version, shown, read_in_full, seconds, paused, created_at)
VALUES (3, 1, '{"verdict":"both_bad"}', true, '1796049002.117576', 1, '{"prompt":{"characters":13,"shown":13},"a":{"characters":9,"shown":9},"b":{"characters":8,"shown":8}}', false, 0, false, '2026-11-30 14:30:02.121400');
INSERT INTO annotation (assignment_id, version, value, complete, interaction_id, guidelines_version, shown, read_in_full, seconds, paused, created_at)
VALUES (4, 1, '{"verdict":"a"}', true, '1796049002.132976', 1, '{"prompt":{"characters":13,"shown":13},"a":{"characters":9,"shown":9},"b":{"characters":8,"shown":8}}', false, 0, false, '2026-11-30 14:30:02.136215');
INSERT INTO flag (id, assignment_id, reason, flagged_at, resolution, resolved_by, resolved_at)
VALUES (1, 3, 'Both are wrong', '2026-11-30 14:30:03.000000', 'kept', 'U010000009', '2026-11-30 14:30:03.000000');
INSERT INTO question (id, assignment_id, text, channel, thread_ts, asked_at, answer, answered_by, answered_at)
VALUES (1, 4, 'Does a canal count?', 'C010000001', '1796049003.000001', '2026-11-30 14:30:03.000000', 'No.', 'U010000009', '2026-11-30 14:30:03.000000');
INSERT INTO reminder (assignment_id, number, created_at)
VALUES (3, 1, '2026-11-30 14:30:03.000000');
INSERT INTO response_part (assignment_id, ts, text, is_removed, created_at)
VALUES (3, '1796049002.200000', 'The Danube.', false, '2026-11-30 14:30:03.000000');
INSERT INTO question_post (channel, ts, question_id)
VALUES ('C010000001', '1796049003.000001', 1);
