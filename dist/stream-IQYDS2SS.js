const require = process.getBuiltinModule;
import {
  HUB_RETRY_POLICY,
  damaged,
  fileUrl,
  isContinued,
  networkFailure,
  openHub,
  retrying
} from "./chunk-T626NG6F.js";
import "./chunk-CDAP7TIF.js";
import {
  Failure,
  createHash
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/bento/hub/stream.ts
async function* streamFile(file, machine, pace = HUB_RETRY_POLICY) {
  const hub = await openHub(file.model, machine);
  const hash = createHash("sha256");
  const content = new RemoteContent(file, hub, machine, pace);
  try {
    for (let piece = await content.next(); piece !== void 0; piece = await content.next()) {
      hash.update(piece);
      yield piece;
    }
  } finally {
    content.close();
  }
  if (hash.digest("hex") !== file.sha256) throw damaged(file.path, hub, file.sha256);
}
var RemoteContent = class {
  #file;
  #hub;
  #machine;
  #pace;
  #url;
  /** Bytes given out. */
  #passed = 0;
  #response;
  #pieces;
  constructor(file, hub, machine, pace) {
    this.#file = file;
    this.#hub = hub;
    this.#machine = machine;
    this.#pace = pace;
    this.#url = fileUrl(hub, file.commit, file.path);
  }
  /** Undefined at the end. */
  async next() {
    if (this.#passed === this.#file.size) return void 0;
    try {
      if (this.#pieces !== void 0) return await this.#take(this.#pieces);
    } catch (error) {
      if (!(error instanceof Failure) || error.class === "cancelled") throw error;
      this.#machine.actions.info(`${error.message}; going on at byte ${this.#passed} of ${this.#file.path}`);
    }
    return retrying(() => this.#takeAnew(), this.#machine, this.#pace);
  }
  /** Ends the connection, as at a cancel. */
  close() {
    this.#response?.body.destroy();
    this.#response = void 0;
    this.#pieces = void 0;
  }
  async #takeAnew() {
    const start = this.#passed;
    const headers = start === 0 ? {} : { range: `bytes=${start}-` };
    this.#response = await this.#hub.get(this.#url, headers, this.#machine.signal);
    if (this.#response.status === 416) {
      this.close();
      throw new Failure("network", `${this.#url.host} does not continue a file at byte ${start}`, { code: "416" });
    }
    this.#pieces = without(this.#response.body, isContinued(this.#response, start) ? 0 : start);
    return this.#take(this.#pieces);
  }
  async #take(pieces) {
    const { path, size } = this.#file;
    try {
      const next = await pieces.next();
      if (next.done === true) {
        throw new Failure("network", `${this.#url.host} ended ${path} after ${this.#passed} of ${size} bytes`);
      }
      const piece = next.value.subarray(0, size - this.#passed);
      this.#passed += piece.length;
      return piece;
    } catch (error) {
      this.close();
      throw networkFailure(error, this.#url, this.#machine);
    }
  }
};
async function* without(pieces, count) {
  let left = count;
  for await (const piece of pieces) {
    const skipped = Math.min(left, piece.length);
    left -= skipped;
    if (skipped < piece.length) yield piece.subarray(skipped);
  }
}
export {
  streamFile
};
