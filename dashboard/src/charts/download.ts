// Hands a file to the viewer. Takes a made address (data or object); knows nothing of its content.

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

/** Saves text, whole or in parts, as a CSV file. */
export function saveParts(parts: readonly string[], name: string): void {
  saveBlob(new Blob([...parts], { type: 'text/csv;charset=utf-8' }), name);
}

/** Saves what was made. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  save(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
