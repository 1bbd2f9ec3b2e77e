/** The part of ydf-training that the benchmark uses; the package has no types. */
declare module 'ydf-training' {
  interface Model {
    predict(examples: Readonly<Record<string, readonly number[]>>): readonly number[];
    describe(): string;
    unload(): void;
  }
  interface Ydf {
    RandomForestLearner: new (label: string, task: 'REGRESSION' | 'CLASSIFICATION') => {
      train(data: Readonly<Record<string, readonly number[]>>): Model;
    };
  }
  export default function load(options: { readonly print: () => void; readonly printErr: () => void }): Promise<Ydf>;
}
