import { spawn } from "node:child_process";

/** Opens a page in the person's browser, where there is a screen; a browser that is missing is no error. */
export function openInBrowser(url) {
  const [program, ...args] = opener(url);
  if (program === undefined) return;
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function opener(url) {
  if (process.platform === "darwin") return ["open", url];
  if (process.platform === "win32") return ["explorer", url];
  const hasScreen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return hasScreen ? ["xdg-open", url] : [];
}
