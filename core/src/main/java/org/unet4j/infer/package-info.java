/**
 * From a scan to its labels: a network is slid over the prepared scan in overlapping windows, their logits are added up with
 * Gaussian weights, and the class with the largest sum is brought back to the scan's own grid.
 *
 * <p>Read {@link org.unet4j.infer.Predictor} first, which takes a run folder to labels, then {@link org.unet4j.infer.SlidingWindow}, which
 * knows nothing of files or plans, and {@link org.unet4j.infer.Engine}, which is all that it knows of a network.
 *
 * <pre>{@code
 * try (Predictor predictor = Predictor.load(Path.of("work/runs/Task04_Hippocampus-unet-0"), Device.best())) {
 *     Labels labels = predictor.predict(scan);
 * }
 * }</pre>
 */
package org.unet4j.infer;
