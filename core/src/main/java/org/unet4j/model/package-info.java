/**
 * The networks, and their weights on disk.
 *
 * <p>A {@link org.unet4j.model.ModelSpec} says which network over which topology; {@link org.unet4j.model.Network} is one
 * with weights; {@link org.unet4j.model.ModelFile} writes and reads it. Read {@link org.unet4j.model.UNet} first: its forward
 * pass is the paper's figure, its parts are in {@code Blocks}, and the other three differ by one word each.
 *
 * <pre>{@code
 * ModelSpec spec = ModelSpec.of("unet", 1, 3, plan.topology());
 * try (Network network = spec.build(42)) {
 *     Tensor logits = network.forward(image);
 *     ModelFile.save(Path.of("last.safetensors"), network, spec);
 * }
 * }</pre>
 */
package org.unet4j.model;
