/** The worker program of the engine, for bundles whose packages may import algorithms but not the engine itself. */
import '@dropforest/forest/worker';
