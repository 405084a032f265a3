/**
 * From a dataset to arrays that a network can eat, and back.
 *
 * <p>{@link org.unet4j.prep.Fingerprint} looks at every case once; {@link org.unet4j.prep.Plan} is derived from it by
 * nnU-Net's rules and is a file that a person can edit; {@link org.unet4j.prep.Store} holds the cases prepared by it. Read
 * these three first. A {@link org.unet4j.prep.Recipe} takes what a network says about a prepared scan back to the scan's
 * own grid.
 *
 * <pre>{@code
 * Dataset dataset = Dataset.open(Path.of("Task04_Hippocampus"));
 * Fingerprint fingerprint = Fingerprint.of(dataset, dataset.training(), 2, Progress.silent());
 * Plan plan = Plan.derive(fingerprint, dataset, Budget.COMPACT);
 * Store store = Store.prepare(dataset, plan, Path.of("work/prepared/Hippocampus"), 2, Progress.silent());
 * }</pre>
 */
package org.unet4j.prep;
