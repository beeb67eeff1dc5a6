"""A process for the campaign `log_crashes`: records, or advances the log, until it is killed."""

import itertools
import os
import sys

import django


def main(what: str) -> None:
    """Go on until killed; `record` says each batch it was told is kept."""
    django.setup()
    from kaimen.ledger.actions import ToRecord, record_many
    from kaimen.ledger.sequencer import integrate
    from kaimen.ledger.signing import sign

    for number in itertools.count():
        if what == "record":
            leaves = [ToRecord("list", {"n": number, "by": os.getpid()}, b"secret")] * 7
            done = record_many(leaves, emergency="drill")
            print(" ".join(leaf.hex for leaf in done), flush=True)
        else:
            integrate(50)
            sign()
            if not number:  # it has begun; whether anything was left for it is chance
                print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
