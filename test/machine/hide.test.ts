import fc from "fast-check";
import { expect, it } from "vitest";
import { openHider } from "../../src/machine/hide.ts";

function hiding(...masks: readonly string[]): (text: string) => string {
  const hider = openHider();
  for (const mask of masks) hider.add(mask);
  return hider.hide;
}

it.each([
  ["as it is", "hush-5719", "token=hush-5719!", "token=***!"],
  ["several times", "hush-5719", "hush-5719 hush-5719", "*** ***"],
  ["as a string in JSON", 'a"b\\c-5719', JSON.stringify({ key: 'a"b\\c-5719' }), '{"key":"***"}'],
  ["in an address", "p@ss/w0rd", `https://me:${encodeURIComponent("p@ss/w0rd")}@host`, "https://me:***@host"],
])("a secret is hidden %s", (_, secret, text, hidden) => {
  expect(hiding(secret)(text)).toBe(hidden);
});

it("secrets that overlap leave nothing of either", () => {
  expect(hiding("abcdefgh", "efghijkl")("<abcdefghijkl>")).toBe("<***>");
  expect(hiding("aaaaaa")("<aaaaaaaaa>")).toBe("<***>");
});

it("text without a secret stays as it is, and a secret that is too short hides nothing", () => {
  expect(hiding("hush-5719", "12345")("12345 steps")).toBe("12345 steps");
});

it("a secret is hidden in Base64 wherever it begins in the encoded text, in both alphabets", () => {
  const text = fc.string({ unit: "binary", minLength: 8, maxLength: 30 });
  fc.assert(
    fc.property(text, fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), (secret, before, after) => {
      const hide = hiding(secret);
      const bytes = Buffer.from(`${before}${secret}${after}`);
      for (const form of ["base64", "base64url"] as const) {
        const shown = Buffer.from(hide(bytes.toString(form)).replaceAll("***", " "), form).toString("latin1");
        expect(shown).not.toContain(Buffer.from(secret).subarray(3, -3).toString("latin1"));
        expect(hide(bytes.toString(form))).toContain("***");
      }
    }),
  );
});
