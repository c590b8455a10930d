// SPDX-License-Identifier: Apache-2.0
/** The reader of YAML, in a file of its own: it is loaded when there is something to read, and keeps its names when it is. */
export { parseDocument } from 'yaml'
