/** The protocol without pages, for tests that drive it in a real browser. */

import * as protocol from '../index'

Object.assign(window, { protocol })
