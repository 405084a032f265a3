/**
 * What training makes small: (logits, target) to one number. {@link org.unet4j.loss.Loss} is a closed family of records: a
 * {@link org.unet4j.loss.Dice}, a {@link org.unet4j.loss.VoxelLoss} such as {@link org.unet4j.loss.CrossEntropy}, or
 * {@link org.unet4j.loss.DicePlus} both, the default. {@link org.unet4j.loss.DeepSupervision} takes any of them to several
 * stages of a decoder, and {@link org.unet4j.loss.Ranks} to several processes.
 *
 * <pre>{@code
 * Tensor loss = Loss.diceCrossEntropy().of(logits, target);
 * loss.backward();
 * }</pre>
 */
package org.unet4j.loss;
