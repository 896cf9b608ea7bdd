// Lets Node run the TypeScript of this repository unbuilt: `node --import ./scripts/source.mjs x.ts`.
// Sources name their files `.js`, as the build needs it, and libs by `#libs/<name>`; Node strips
// types by itself but would look for the built files. Start, build and test set-up need this,
// because they run before anything is built.
import { registerHooks } from 'node:module';

const RELATIVE_JS = /^\.{1,2}\/.*\.js$/;

registerHooks({
  resolve(specifier, context, next) {
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
