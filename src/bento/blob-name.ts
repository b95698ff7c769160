/** The SHA-256 in the name of a big file in a Hugging Face cache, `blobs/<SHA-256 of its content>`; undefined for other files. */
export function sha256InName(path: string): string | undefined {
  return /\/blobs\/([0-9a-f]{64})$/.exec(path)?.[1];
}
