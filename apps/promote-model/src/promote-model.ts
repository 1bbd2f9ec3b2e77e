/**
 * A model package that was approved, by the gate or by a person, becomes the champion: the model that predicts. The
 * champion is one small object in the bucket, moved by compare-and-swap.
 */
import { DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { ChampionSchema, keys, ModelPackageStateChangeSchema, modelPackageGroup, type ModelPackageStateChange } from '@dropforest/contracts';
import { settle, type App } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { decidePromotion } from './decide.ts';

const EnvironmentSchema = z.object({});
const MetadataSchema = z.object({ dataset: z.string(), trainingJob: z.string() });

export const promoteModel: App<ModelPackageStateChange, z.output<typeof EnvironmentSchema>> = {
  name: 'promote-model',
  event: ModelPackageStateChangeSchema,
  environment: EnvironmentSchema,
  async handle({ detail }, context) {
    const gather = async () => {
      // The event may be old: the package itself says how it stands.
      const found = await context.clients.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: detail.ModelPackageArn }));
      const metadata = MetadataSchema.safeParse(found.CustomerMetadataProperties);
      const isOurs = metadata.success && modelPackageGroup(metadata.data.dataset) === found.ModelPackageGroupName;
      if (!isOurs || found.ModelApprovalStatus !== 'Approved') return undefined;
      const { dataset, trainingJob } = metadata.data;
      return {
        dataset,
        candidate: { job: trainingJob, model: trainingJob, modelPackageArn: detail.ModelPackageArn, version: detail.ModelPackageVersion },
        champion: await context.bucket.readJson(keys.champion(dataset), ChampionSchema),
        now: context.now(),
      };
    };
    await settle(gather, (facts) => (facts === undefined ? [] : decidePromotion(facts)), context);
  },
};
