/**
 * Processes that compute together: which one this is, how they meet, what they sum, and which of them is lost.
 *
 * <p>{@link org.unet4j.ranks.World} reads the launcher's variables (torchrun, Slurm, Kubeflow), {@link org.unet4j.ranks.Peers} are
 * the other processes, {@link org.unet4j.ranks.GradientReducer} averages gradients over all of them. Read these three first; the
 * rest finds out who does not answer.
 *
 * <pre>{@code
 * World world = World.from(environment);
 * try (Peers peers = Peers.connect(world, device)) {
 *     peers.sum(tensor);
 *     peers.finish();
 * }
 * }</pre>
 */
package org.unet4j.ranks;
