/** docker-registry (distribution 2.8). */
export function registryConfig(storage: string, port: number): string {
  return `version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: ${JSON.stringify(storage)}}
  delete: {enabled: true}
http: {addr: "127.0.0.1:${port}"}
`;
}
