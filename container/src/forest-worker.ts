/** The second entry of the bundle: the threads that trees grow in. */
import '@dropforest/algorithm-forest/worker';
