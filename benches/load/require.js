// Packages for Node, bundled, ask for its `require`.
import { createRequire } from "node:module";

globalThis.require ??= createRequire("/");
