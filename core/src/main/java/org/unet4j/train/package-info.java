/**
 * Training: a plan's prepared cases and a network go in, a run folder with weights, scores and curves comes out.
 *
 * <p>One seed decides everything. Which case and which box a sample is, and how it is augmented, follow from the seed and
 * the sample's number alone, so the data do not depend on threads, and a run that was interrupted and resumed ends with the
 * same bits as one that was not. Read {@link org.unet4j.train.TrainConfig} first (what can be chosen), then
 * {@link org.unet4j.train.Trainer} (the loop), then {@link org.unet4j.train.RunFolder} (what it leaves behind).
 *
 * <pre>{@code
 * TrainConfig config = TrainConfig.defaults("unet", store.plan(), Device.best()).withSteps(1000);
 * TrainResult result = Trainer.train(TrainRequest.of(
 *         config, store, split, Path.of("run"), Device.best(), TrainListener.silent(), () -> false));
 * }</pre>
 */
package org.unet4j.train;
