"""How evidence becomes a colour: definitions, statements, trust, judging, leaves, lists, replay. Pure.

The server writes with it, a witness on another machine checks with it, an auditor replays with it. Moments are whole
milliseconds since 1970 (`moments.moment(datetime)`, `moments.when(ms)`).

- `definitions.definition_in(pack, slug) -> StatusDefinition` (with the text to publish and its `digest`);
  `definitions.read_text(name, text)` reads a published text again; `pack.all(StatusDefinition)` has no texts.
- `statements`: `Evidence Withdrawal Approval Finding Accreditation AccreditationEnd Publication`;
  `read(envelope) -> Signed(statement, content, signatures)`, `content_of(statement)`, `sealed(content, signatures)`,
  `sign(statement, *keys)`, `identity_of(salt, number)`. Raises NotAStatement(field, should).
- `trust.Trust(genesis)`: `accredit end publish` (two authorities each), `admit(signed, at)` is the door of every
  statement of a source, `check_evidence(evidence, definition, at, identity)` the door of evidence. They raise
  NotAdmitted(code, should). `values_of(says, of, definition)` types what evidence says.
- `judging.Judge(definition)`, of people: `judge(items, as_of) -> Judgement(colour, rule, because, sources, until)`,
  `due(items, as_of)` (when to judge again), `adverse(of, says, first, last)`.
- `places.judge_of(definition)`: `judge(facts, day) -> Judged(colour, rule)`, for places.
- `bulk.beyond(limits, counted, day)`: whether an adverse act waits for another organisation's approval.
- `leaves`: the body of each kind of leaf, made (`ledger.record(body.kind, body.public, secret=body.secret)`) and read.
- `lists`: status lists, packed, signed, compressed, read.
- `replay.Replay(genesis_hash, objects)`: take every leaf with its opening; `report()` holds the alarms.
"""
