/**
 * One declaration file out of those that the compiler writes for every module: what the entry point exports and what that
 * refers to, and nothing of the modules between. It relies on what holds for this package: modules name what they import,
 * nothing is renamed, and no two declarations of the public types have the same name.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** What a name stands for: a statement of its file, or a name of another file. */
type Binding = { readonly file: string; readonly statement: ts.Statement } | { readonly file: string; readonly statement?: undefined };

/** @throws Error for two declarations of one name */
export function rollUpDeclarations(entry: string): string {
  const modules = new Map<string, ReadonlyMap<string, Binding>>();
  const kept = new Map<string, ts.Statement>();
  const keep = (file: string, name: string): void => {
    const bindings = modules.get(file) ?? bindingsOf(parse(file));
    modules.set(file, bindings);
    const binding = bindings.get(name);
    if (binding === undefined) return;
    if (binding.statement === undefined) {
      keep(binding.file, name);
      return;
    }
    if (kept.get(name) === binding.statement) return;
    if (kept.has(name)) throw new Error(`two declarations of ${name}, one of them in ${file}`);
    kept.set(name, binding.statement);
    for (const other of namesIn(binding.statement)) keep(file, other);
  };
  const names = exportsOf(parse(entry));
  for (const { file, name } of names) keep(file, name);
  const exported = names.map(({ name, isType }) => (isType ? `type ${name}` : name));
  const declarations = Array.from(kept.values(), withoutExport).join('\n');
  return `${declarations.replaceAll(/^(?: {4})+/gm, halve)}\nexport { ${exported.join(', ')} };\n`;
}

/** The compiler indents by four spaces. */
function halve(indent: string): string {
  return indent.slice(indent.length / 2);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

function bindingsOf(source: ts.SourceFile): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const { namedBindings } = statement.importClause ?? {};
      if (namedBindings === undefined || !ts.isNamedImports(namedBindings)) throw new Error(`${source.fileName}: an import without names`);
      for (const { name } of namedBindings.elements) bindings.set(name.text, { file: fileOf(source, statement.moduleSpecifier) });
    }
    for (const name of declaredNames(statement)) bindings.set(name, { file: source.fileName, statement });
  }
  return bindings;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  const isNamed = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

/** The entry point's `export { a } from './b.ts'`. */
function exportsOf(source: ts.SourceFile): { readonly file: string; readonly name: string; readonly isType: boolean }[] {
  return source.statements.filter(ts.isExportDeclaration).flatMap(({ exportClause, moduleSpecifier, isTypeOnly }) => {
    if (exportClause === undefined || !ts.isNamedExports(exportClause) || moduleSpecifier === undefined) throw new Error(`${source.fileName}: an export without names`);
    return exportClause.elements.map((element) => ({ file: fileOf(source, moduleSpecifier), name: element.name.text, isType: isTypeOnly || element.isTypeOnly }));
  });
}

/** The compiler leaves specifiers as the sources have them: `./x.ts`. */
function fileOf(source: ts.SourceFile, specifier: ts.Expression): string {
  if (!ts.isStringLiteral(specifier)) throw new Error(`${source.fileName}: a specifier that is no text`);
  return resolve(dirname(source.fileName), specifier.text.replace(/\.ts$/, '.d.ts'));
}

function namesIn(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) names.add(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

/** A statement with its comment. A list of exports at the end of the file says what is exported. */
function withoutExport(statement: ts.Statement): string {
  const modifier = ts.canHaveModifiers(statement) ? ts.getModifiers(statement)?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) : undefined;
  const text = statement.getFullText();
  if (modifier === undefined) return text.trim();
  return (text.slice(0, modifier.getStart() - statement.getFullStart()) + text.slice(modifier.getEnd() - statement.getFullStart()).trimStart()).trim();
}
