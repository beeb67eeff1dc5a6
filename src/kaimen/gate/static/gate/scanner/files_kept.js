/* Keeps a page on this phone. */
import { Unreachable } from "./centre.js";

/** The files of a page are on the phone once its `worker` has them. Raises Unreachable. */
export async function filesKept(worker) {
  const registration = await navigator.serviceWorker.register(worker).catch((error) => {
    throw new Unreachable(error.message);
  });
  const coming = registration.installing ?? registration.waiting ?? registration.active;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (["installed", "activating", "activated"].includes(coming.state)) resolve();
      if (coming.state === "redundant") reject(new Unreachable("the files did not arrive"));
    };
    coming.addEventListener("statechange", look);
    look();
  });
  return registration;
}
