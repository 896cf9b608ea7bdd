// Lets Node run the TypeScript of this repository unbuilt: `node --import ./scripts/source.mjs x.ts`.
// Sources name their files `.js`, as the build needs it, and libs by `#libs/<name>`; Node strips
// types by itself but would look for the built files. Start, build and test set-up need this,
// because they run before anything is built.
import * as nodeModule from 'node:module';

const NODE_MIN = [24, 15];
const RELATIVE_JS = /^\.{1,2}\/.*\.js$/;

// The first line that runs on a machine with an older Node, so it must run there and say so. On
// Linux the right Node comes with the dependencies and npm scripts find it by themselves.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  process.stderr.write(
    `Carillon needs Node ${NODE_MIN.join('.')} or newer and this is ${process.versions.node}: on Linux run it by npm (npm start, npm test), elsewhere install a newer Node.\n`,
  );
  process.exit(1);
}

// What is built stays with what is built.
const built = new URL('../dist/', import.meta.url).href;

nodeModule.registerHooks({
  resolve(specifier, context, next) {
    if (context.parentURL?.startsWith(built)) return next(specifier, context);
    if (specifier.startsWith('#libs/')) {
      const name = specifier.slice('#libs/'.length);
      return next(new URL(`../libs/${name}/src/index.ts`, import.meta.url).href, context);
    }
    if (RELATIVE_JS.test(specifier) && context.parentURL?.endsWith('.ts')) {
      return next(`${specifier.slice(0, -'.js'.length)}.ts`, context);
    }
    return next(specifier, context);
  },
});
