export function page(): string {
  return '<!doctype html><html lang="en"><title>Simulators</title><h1>Simulators</h1></html>';
}
