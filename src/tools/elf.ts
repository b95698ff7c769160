import { Failure } from "../errors.ts";
import type { Files } from "../machine/machine.ts";

/** Bytes at a file's start that identify its format. */
const HEAD = 20;

interface ElfMachine {
  /** e_machine: https://www.sco.com/developers/gabi/latest/ch4.eheader.html */
  readonly number: number;
  readonly bits: 32 | 64;
  readonly order: "little" | "big";
}

/** Node's name of an architecture → its ELF header. */
const MACHINES: Readonly<Record<string, ElfMachine>> = {
  ia32: { number: 3, bits: 32, order: "little" },
  arm: { number: 40, bits: 32, order: "little" },
  x64: { number: 62, bits: 64, order: "little" },
  arm64: { number: 183, bits: 64, order: "little" },
  ppc64: { number: 21, bits: 64, order: "little" },
  s390x: { number: 22, bits: 64, order: "big" },
  riscv64: { number: 243, bits: 64, order: "little" },
  loong64: { number: 258, bits: 64, order: "little" },
};

/**
 * Checks a program's first bytes, so that a program for another machine is rejected before it is run. Scripts are accepted.
 * @param path absolute; @param name for the message.
 * @throws Failure `tool`, code `WrongArchitecture`.
 */
export async function checkArchitecture(
  path: string,
  name: string,
  architecture: string,
  files: Pick<Files, "readHead">,
): Promise<void> {
  const head = Buffer.from(await files.readHead(path, HEAD));
  if (head.toString("latin1", 0, 2) === "#!") return;
  const found = readMachine(head);
  const wanted = MACHINES[architecture];
  if (found !== undefined && wanted !== undefined && sameMachine(found, wanted)) return;
  const is = found === undefined ? "is not a Linux program" : `is for ${nameOf(found)}`;
  throw new Failure("tool", `${name} ${is}, and this machine is ${architecture}`, {
    code: "WrongArchitecture",
    hint: "The mirror or the release has a file for another platform under this name.",
  });
}

function readMachine(head: Buffer): ElfMachine | undefined {
  if (head.length < HEAD || head.toString("latin1", 0, 4) !== "\x7fELF") return undefined;
  const order = head[5] === 2 ? "big" : "little";
  const number = order === "big" ? head.readUInt16BE(18) : head.readUInt16LE(18);
  return { number, bits: head[4] === 2 ? 64 : 32, order };
}

function sameMachine(one: ElfMachine, other: ElfMachine): boolean {
  return one.number === other.number && one.bits === other.bits && one.order === other.order;
}

function nameOf(program: ElfMachine): string {
  const [name] = Object.entries(MACHINES).find(([, one]) => sameMachine(one, program)) ?? [];
  return name ?? `an unknown machine (${program.number})`;
}
