/**
 * Images as values: where their voxels lie, what they hold, and pure functions from one to another.
 *
 * <p>Arrays are row-major in z, y, x order, x fastest, which is NIfTI's own order in memory. A {@link org.unet4j.volume.Grid}
 * says how many voxels there are and, by its {@link org.unet4j.volume.Affine}, where they lie in the patient: voxel (x, y, z,
 * 1) goes to right, anterior, superior millimetres. A {@link org.unet4j.volume.Volume} keeps voxels in the type that the file
 * had, {@link org.unet4j.volume.Labels} hold one class a voxel.
 *
 * <p>Read Grid, Volume and {@link org.unet4j.volume.Resample} first.
 *
 * <pre>{@code
 * Reorient toRas = Reorient.toRas(scan.grid());
 * Volume ras = toRas.apply(scan);
 * Shape finer = new Shape(64, 128, 128);
 * float[] voxels = Resample.image(ras.toFloats(), ras.grid().shape(), finer, Order.CUBIC);
 * Labels onTheScansOwnGrid = toRas.undo(Resample.labels(labels, ras.grid().shape()));
 * }</pre>
 */
package org.unet4j.volume;
