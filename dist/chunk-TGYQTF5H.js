const require = process.getBuiltinModule;

// src/world/address.ts
function isLoopback(host) {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}
function isPrivate(name) {
  if (isLoopback(name)) return true;
  if (name.startsWith("[")) return /^\[(?:::|f[cd]|fe[89ab])/.test(name);
  return /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
    name
  );
}
function unsafeReason(url, from) {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "which is no web address";
  if (url.protocol === "http:" && from.protocol === "https:") return "where the connection is not encrypted";
  if (url.hostname !== from.hostname && isPrivate(url.hostname) && !isPrivate(from.hostname)) {
    return "a private address";
  }
  return void 0;
}

export {
  isLoopback,
  isPrivate,
  unsafeReason
};
