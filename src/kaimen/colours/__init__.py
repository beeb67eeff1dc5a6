"""How evidence becomes a colour: definitions, statements, trust, judging, leaves, lists, replay. Pure.

The server writes with it, a witness on another machine checks with it, an auditor replays with it. Moments are whole
milliseconds since 1970 (`moments.moment(datetime)`, `moments.when(ms)`).

- `definitions.definition_in(pack, slug) -> StatusDefinition` (with the text to publish and its `digest`);
  `definitions.read_text(name, text)` reads a published text again.
- `statements`: `Evidence Withdrawal Approval Finding Accreditation AccreditationEnd Publication`;
  `read(envelope) -> Signed(statement, content, signatures)`, `content_of(statement)`, `sealed(content, signatures)`,
  `sign(statement, *keys)`, `identity_of(salt, number)`. Raises NotAStatement(field, should).
- `trust.Trust(genesis_hash, genesis)`: `accredit end publish` (two authorities each), `admit(signed, definition, at)`
  is the door every statement of a source goes through. Raises NotAdmitted(code, should).
- `judging.Judge(definition).judge(items, as_of, facts) -> Judgement(colour, rule, because, sources, until)`.
- `bulk.held(…)`: which adverse evidence waits for another organisation's approval.
- `leaves`: the body of each kind of leaf, made and read.
- `lists`: status lists, signed and compressed; `packed`, `digest_of`, `publish`, `read`.
- `replay.Replay(genesis_hash, objects)`: take every leaf with its opening; `report()` holds the alarms.
- `rolling.roll_up`: colours of buildings to groups and grids, worst-of with counts.
"""
