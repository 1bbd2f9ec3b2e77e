import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom, by the tag `name:<package>` or `kind:<kind>` in each package.json. What a package is not
 * allowed here it cannot import, whatever its dependencies say.
 */
const mayImport = {
  'name:forest': [],
  'name:tabular': [],
  'name:metrics': [],
  'name:contracts': [],
  'name:event-pattern': [],
  'name:workspace-plugin': [],
  'name:preprocessing': ['name:tabular', 'name:contracts'],
  'name:algorithm': ['name:contracts'],
  'kind:algorithm': ['name:algorithm', 'name:forest'],
  'kind:dataset': ['name:contracts'],
  // The model is given algorithms and knows none.
  'name:model': ['name:tabular', 'name:preprocessing', 'name:algorithm', 'name:metrics', 'name:contracts'],
  'name:report': ['name:metrics', 'name:contracts'],
  'name:lambda-kit': ['name:contracts'],
  // A shared schema would hide the same mistake on both sides of the wire.
  'name:local-cloud': ['name:event-pattern'],
  'kind:lambda': ['name:contracts', 'name:lambda-kit', 'name:tabular', 'name:preprocessing', 'kind:algorithm'],
  'name:container': ['name:model', 'name:report', 'name:contracts', 'name:algorithm', 'kind:algorithm', 'name:tabular'],
  'name:infra': ['name:contracts'],
  'name:cli': ['name:contracts', 'name:lambda-kit', 'name:local-cloud', 'name:infra', 'name:tabular', 'kind:lambda'],
  'name:e2e': ['name:contracts', 'name:lambda-kit', 'name:local-cloud', 'name:infra', 'name:cli', 'kind:lambda', 'kind:dataset', 'name:event-pattern', 'name:forest', 'name:metrics'],
};

export default tseslint.config(
  // assembly is AssemblyScript: other types, other rules; its own compiler checks it.
  { ignores: ['packages/forest/assembly', '**/dist', '**/node_modules', '.nx', '**/.serverless', '.dropforest'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: Object.entries(mayImport).map(([sourceTag, onlyDependOnLibsWithTags]) => ({ sourceTag, onlyDependOnLibsWithTags })),
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Randomness is a parameter: pass a seed.' }],
    },
  },
  // vitest's asymmetric matchers are typed `any`.
  { files: ['**/*.test.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
