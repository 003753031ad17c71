// The vectors inside an isolate of workerd, which draws randomness inside handlers alone.
import { answer } from "./asked.js";

export default {
  fetch: async (request) => Response.json(await answer(await request.json())),
};
