// The reference server of the protocol on a port of its own: node reference.mjs <folder>; prints the port.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const from = createRequire(`${process.env.NODE_MODULES}/`)
const load = (name) => import(pathToFileURL(from.resolve(name)).href)
const { Server } = await load('@tus/server')
const { FileStore } = await load('@tus/file-store')

const tus = new Server({ path: '/sync/v1/uploads', datastore: new FileStore({ directory: process.argv[2] }), relativeLocation: true })
const server = createServer(tus.handle.bind(tus))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
