"""Other libraries at the same work, in an environment of their own (`build/peers`): started by bench.gate.

Reads one token and its key as JSON, then a name a line; answers each with tokens a second, by the time this process
was on a processor. The token's claims are decoded and its signature checked; base45 is left out, it is not theirs.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

TIMES = {"cwt": 200, "pycose": 20}


def main() -> None:
    """Answer until there are no more lines."""
    given = json.loads(sys.stdin.readline())
    token, key_id = bytes.fromhex(given["token"]), bytes.fromhex(given["key_id"])
    x, y = bytes.fromhex(given["x"]), bytes.fromhex(given["y"])
    work = {"cwt": _cwt(token, key_id, x, y), "pycose": _pycose(token, x, y)}
    assert work["cwt"]() == work["pycose"](), "the libraries read different claims"
    for line in sys.stdin:
        name = line.strip()
        begun = time.thread_time()
        for _ in range(TIMES[name]):
            work[name]()
        print(TIMES[name] / (time.thread_time() - begun), flush=True)


def _cwt(token: bytes, key_id: bytes, x: bytes, y: bytes) -> Callable[[], Any]:
    import cwt  # noqa: PLC0415 - neither is installed where this file is checked

    key = cwt.COSEKey.new({1: 2, 2: key_id, 3: -7, -1: 1, -2: x, -3: y})
    return lambda: cwt.decode(token, key)


def _pycose(token: bytes, x: bytes, y: bytes) -> Callable[[], Any]:
    import cbor2  # noqa: PLC0415
    from pycose.keys import EC2Key  # noqa: PLC0415
    from pycose.keys.curves import P256  # noqa: PLC0415
    from pycose.messages import CoseMessage  # noqa: PLC0415

    key = EC2Key(crv=P256, x=x, y=y)

    def read() -> Any:
        message: Any = CoseMessage.decode(token)
        message.key = key
        assert message.verify_signature()
        return cbor2.loads(message.payload)

    return read


if __name__ == "__main__":
    main()
