import { describe } from "vitest";
import { BACKENDS } from "../../src/backends/index.ts";
import { describeLaws } from "./laws.ts";

describe.each(BACKENDS)("$name", describeLaws);
