/**
 * Random changes to training patches, made on the device that trains: what a scanner or a patient could have done
 * differently, so that the network does not learn it by heart.
 *
 * <p>Every transform is a record of settings with two methods: {@code sample} draws plain numbers from a random generator,
 * {@code apply} does to a tensor what they say. The spatial ones (rotation, scaling, elastic deformation) are composed into one
 * sampling grid and the patch is resampled once: images trilinearly, labels to the nearest voxel. Each sample of a batch has its
 * own seed, so nothing depends on batch size, threads or ranks. Read {@link org.unet4j.augment.Augmentation} first, then
 * {@link org.unet4j.augment.Rotation} for a spatial transform and {@link org.unet4j.augment.Gamma} for one of intensities.
 *
 * <pre>{@code
 * Augmentation augmentation = Augmentation.standard(plan);
 * Shape source = augmentation.sourceShape(plan.patch()); // cut this much from each case
 * Batch batch = augmentation.apply(new Batch(imageNCDHW, targetNDHW), plan.patch(), seeds);
 * }</pre>
 */
package org.unet4j.augment;
