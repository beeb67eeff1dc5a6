/* Under which names this phone keeps what, and the lock by which one window records at a time. */

export const SELF = "self"; // {node, place, places, name, centreKey, pair}: who this phone is as a node
export const CLOCK = "clock"; // {centre, phone, speed}
export const PENDING = "pending"; // {code, pair}: an invitation that was asked for, and perhaps spent
export const LEAVING = "leaving"; // true once the guard ended the shift and entries were still to be sent
export const LOCK = "kaimen-scanner";
