/* Under which names this phone keeps what, and the lock by which one window records at a time. */

export const SELF = "self"; // {node, places, name, centreKey, pair, revoked}: who this phone is as a node
export const CLOCK = "clock"; // {centre, phone, speed}
export const PENDING = "pending"; // {code, name, pair, address}: an invitation that was asked for, and perhaps spent
export const LEAVING = "leaving"; // true once the guard ended the shift and entries were still to be sent
export const LOCK = "kaimen-scanner";
