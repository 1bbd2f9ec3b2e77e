/**
 * In the workspace this package runs from its sources; Node does not strip types below `node_modules`, so the published
 * package names built files instead. These two turn one form of package.json into the other; both may be applied twice.
 */

/** `./src/x.ts` becomes `./dist/x.js`. */
export function toBuilt(packageJson: string): string {
  return packageJson.replaceAll(/"\.\/src\/([\w-]+)\.ts"/g, '"./dist/$1.js"');
}

/** `./dist/x.js` becomes `./src/x.ts`. */
export function toSources(packageJson: string): string {
  return packageJson.replaceAll(/"\.\/dist\/([\w-]+)\.js"/g, '"./src/$1.ts"');
}
