/**
 * The container's programs, as SageMaker starts them: `train` and `serve`. From the sources:
 * `OPT_ML=<folder> node container/src/main.ts train`.
 */
import { openOptMl } from './opt-ml.ts';
import { serve } from './serve.ts';
import { train } from './train.ts';

const USAGE = `usage: node container/src/main.ts train|serve

  train   reads <root>/input/data/training/**, settings from <root>/input/data/config/dataset.json or
          <root>/input/config/hyperparameters.json; writes <root>/model and <root>/output; compares the model with
          <root>/input/data/champion/model.tar.gz where there is one
  serve   loads <root>/model and answers GET /ping and POST /invocations on port 8080

  OPT_ML                   the root, /opt/ml if not set
  SAGEMAKER_BIND_TO_PORT   the port to serve on
  SAGEMAKER_BATCH          "true": a CSV request is answered with its own rows and the predictions joined
`;

const optMl = openOptMl(process.env['OPT_ML'] ?? '/opt/ml');

switch (process.argv[2]) {
  case 'train':
    process.exitCode = await train(optMl);
    break;
  case 'serve':
    process.exitCode = await serve(optMl, process.env);
    break;
  default:
    process.stderr.write(USAGE);
    process.exitCode = 2;
}
