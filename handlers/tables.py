"""What belongs to each name: buttons, modals, words behind /label, events."""

from __future__ import annotations

from handlers import (
    answering,
    auditing,
    choosing,
    creating,
    exporting,
    hearing,
    helping,
    importing,
    inviting,
    previewing,
    reading,
    steering,
    visiting,
    watching,
    working,
    writing,
)
from handlers.triggers import Hear, Press, Reserved, Submit, Word
from storage.tables import Role

PRESSES: dict[str, Press] = {
    "answer": answering.tap,
    "undo": answering.undo,
    "skip": answering.skip,
    "next": answering.bring_next,
    "write": writing.open_sheet,
    "part": writing.add_part,
    "save": writing.save_thread,
    "restart": writing.start_over,
    "read": reading.open_full,
    "page": reading.turn_page,
    "guide": reading.open_guidelines,
    "follow": reading.follow_link,
    "pause": steering.press_pause,
    "resume": steering.press_resume,
    "close": steering.press_close,
    "trail": auditing.turn_trail,
    "bring_items": importing.ask,
    "bring": importing.choose,
    "bring_to": importing.choose_goal,
    "bring_more": importing.show_more,
    "new": creating.press_new,
    "kind": creating.change_kind,
    "look": creating.look,
    "preview": previewing.preview,
    "try": previewing.send_test,
    "test": previewing.tap_test,
    "export": exporting.press_export,
    "plans": exporting.press_plans,
    "unplan": exporting.remove_plan,
    "invite": inviting.press_invite,
    "roster": inviting.turn_roster,
    "expert": inviting.open_expert,
}
"""Buttons and menus, by the deed in their id."""

SUBMISSIONS: dict[str, Submit] = {
    "write": writing.submit_sheet,
    "close": steering.submit_close,
    "settings": choosing.submit_settings,
    "fetch": importing.take_file,
    "bring": importing.import_file,
    "new": creating.submit_new,
    "invite": inviting.submit_invite,
    "expert": inviting.submit_expert,
}
"""Modals sent, by their callback_id."""

RESERVED: dict[str, Reserved] = {
    "pause": Reserved(Role.COORDINATOR, "pause campaigns"),
    "resume": Reserved(Role.COORDINATOR, "resume campaigns"),
    "close": Reserved(Role.COORDINATOR, "close campaigns"),
    "trail": Reserved(Role.COORDINATOR, "read what was done"),
    "new": Reserved(Role.COORDINATOR, "create campaigns"),
    "kind": Reserved(Role.COORDINATOR, "create campaigns"),
    "look": Reserved(Role.COORDINATOR, "preview tasks"),
    "preview": Reserved(Role.COORDINATOR, "preview tasks"),
    "try": Reserved(Role.COORDINATOR, "try tasks"),
    "export": Reserved(Role.COORDINATOR, "export"),
    "plans": Reserved(Role.COORDINATOR, "schedule exports"),
    "unplan": Reserved(Role.COORDINATOR, "schedule exports"),
    "invite": Reserved(Role.COORDINATOR, "invite people"),
    "roster": Reserved(Role.COORDINATOR, "see all experts"),
    "expert": Reserved(Role.COORDINATOR, "see to experts"),
    "settings": Reserved(Role.COORDINATOR, "change the settings"),
    "fetch": Reserved(Role.COORDINATOR, "import items"),
    "bring_items": Reserved(Role.COORDINATOR, "import items"),
    "bring": Reserved(Role.COORDINATOR, "import items"),
    "bring_to": Reserved(Role.COORDINATOR, "import items"),
    "bring_more": Reserved(Role.COORDINATOR, "import items"),
}
"""Buttons and modals that are not for everybody, by their name in the two tables above."""

COMMANDS: dict[str, Word] = {
    "next": Word(working.bring_next, "brings your next task"),
    "status": Word(watching.tell_status, "tells what you did and what waits"),
    "import": Word(
        importing.begin,
        "brings items into a campaign: drop a file here, or name an address",
        usage="[CAMPAIGN] [ADDRESS]",
        example="jokes",
        more="You see what is in a file, and say which column holds what, before it is imported.",
        role=Role.COORDINATOR,
        deed="import items",
    ),
    "export": Word(
        exporting.export,
        "sends you a dataset",
        usage="[CAMPAIGN] [FORMAT] [#CHANNEL]",
        example="jokes rating",
        more="Without a format, it is the one to train on that suits the kind.",
        role=Role.COORDINATOR,
        deed="export",
    ),
    "schedule": Word(
        exporting.plan,
        "exports a campaign by itself, again and again",
        usage="[CAMPAIGN] [daily 06:00 | weekly fri 18:00 | CRON] [FORMAT] [#CHANNEL]",
        example="jokes weekdays 06:00 #datasets",
        more="With a campaign alone, it shows what is planned, with buttons to remove it.",
        role=Role.COORDINATOR,
        deed="schedule exports",
    ),
    "new": Word(
        creating.open_new,
        "makes a campaign, in one window",
        more="From the kind to the people, with a preview of the task as experts will see it.",
        role=Role.COORDINATOR,
        deed="create campaigns",
    ),
    "pause": Word(
        steering.pause,
        "stops handing out tasks of a campaign",
        usage="[CAMPAIGN]",
        example="jokes",
        more="What experts hold can still be answered, and nobody is reminded.",
        role=Role.COORDINATOR,
        deed="pause campaigns",
    ),
    "resume": Word(
        steering.resume,
        "hands out tasks of a paused campaign again",
        usage="[CAMPAIGN]",
        example="jokes",
        role=Role.COORDINATOR,
        deed="resume campaigns",
    ),
    "close": Word(
        steering.close,
        "ends a campaign for good, once you said yes",
        usage="[CAMPAIGN]",
        example="jokes",
        more="It cannot be undone: open tasks are taken back, and scheduled exports run once more.",
        role=Role.COORDINATOR,
        deed="close campaigns",
    ),
    "invite": Word(
        inviting.invite,
        "lets people into a campaign",
        usage="[@PERSON …] [domain=…] [language=…] [role=…] [CAMPAIGN]",
        example="@ada @linguists domain=law language=en,de jokes",
        more="User groups and channels bring all their members. Roles are expert, senior and "
        "coordinator.",
        role=Role.COORDINATOR,
        deed="invite people",
    ),
    "experts": Word(
        inviting.list_experts,
        "lists experts: what they know, their role, their campaigns",
        usage="[CAMPAIGN]",
        example="jokes",
        more="A button beside each of them opens what is known of them, to be changed.",
        role=Role.COORDINATOR,
        deed="see all experts",
    ),
    "settings": Word(
        choosing.open_settings,
        "opens what holds for the whole workspace",
        more="The coordinators' channel, how many reminders an expert gets, the weekly summary.",
        role=Role.COORDINATOR,
        deed="change the settings",
    ),
    "audit": Word(
        auditing.tell_trail,
        "tells who did what, and when",
        usage="[CAMPAIGN]",
        example="jokes",
        role=Role.COORDINATOR,
        deed="read what was done",
    ),
    "help": Word(helping.give_help, "shows this, or tells more of a word", usage="[WORD]"),
}
"""Words behind /label."""

EVENTS: dict[str, Hear] = {
    "message": hearing.hear,
    "app_home_opened": visiting.show_home,
}
"""Events; any other is only acknowledged."""
