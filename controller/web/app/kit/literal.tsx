// SPDX-License-Identifier: Apache-2.0
/** Text that a machine gave, as it is: nothing in it can hide, change its direction, or run out of its place. */
import { bounded, literalText, piecesOf } from './unseen.ts'
import './literal.css'

export type LiteralProps = {
  readonly text: string
  /** So many characters are shown; the whole is in the title. */
  readonly max?: number
}

const MOST = 200

export function Literal({ text, max = MOST }: LiteralProps) {
  const shown = bounded(text, max)
  const pieces = piecesOf(shown)
  const isPlain = pieces.length === 1 && pieces[0] !== undefined && 'seen' in pieces[0]
  const title = shown === text && isPlain ? undefined : literalText(bounded(text, 2_000))
  return (
    <bdi className="mu-literal" title={title}>
      {isPlain
        ? shown
        : pieces.map((piece, at) =>
            'seen' in piece ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
              <span key={at}>{piece.seen}</span>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
              <span key={at} className="mu-unseen">
                {piece.hidden}
              </span>
            ),
          )}
    </bdi>
  )
}
