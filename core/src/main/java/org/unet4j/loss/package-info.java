/**
 * What training makes small: (logits, target) to one number. {@link org.unet4j.loss.Loss} is a closed family of records;
 * {@link org.unet4j.loss.Dice} and {@link org.unet4j.loss.CrossEntropy} are its parts, {@link
 * org.unet4j.loss.DiceCrossEntropy} their sum and the default.
 *
 * <pre>{@code
 * Tensor loss = Loss.diceCrossEntropy().of(logits, target);
 * loss.backward();
 * }</pre>
 */
package org.unet4j.loss;
