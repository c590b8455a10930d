// SPDX-License-Identifier: Apache-2.0
/** Cuts a stream of bytes into lines without ever holding more than one line's worth. */

export type LineReader = {
  /** Takes the next bytes. */
  push(chunk: Uint8Array): void
}

/** `onLine` gets each line without its newline; after `onTooLong` everything is ignored. */
export function readLines(maxBytes: number, onLine: (line: Uint8Array) => void, onTooLong: () => void): LineReader {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let over = false

  function hold(part: Uint8Array): void {
    heldBytes += part.byteLength
    held.push(part)
    if (heldBytes <= maxBytes) return
    over = true
    held = []
    onTooLong()
  }

  return {
    push(chunk) {
      let from = 0
      for (let end = chunk.indexOf(10); end !== -1 && !over; end = chunk.indexOf(10, from)) {
        hold(chunk.subarray(from, end))
        if (over) return
        const line = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held)
        held = []
        heldBytes = 0
        from = end + 1
        onLine(line)
      }
      // A copy, so that a few held bytes do not keep the whole chunk alive.
      if (!over && from < chunk.byteLength) hold(Uint8Array.prototype.slice.call(chunk, from))
    },
  }
}
