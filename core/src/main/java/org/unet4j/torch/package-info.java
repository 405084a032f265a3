/**
 * The seam to libtorch: everything that the rest of the library wants from JavaCPP's binding and the binding does not
 * have, or has in a form that leaks or surprises.
 *
 * <p>libtorch's memory is not seen by the garbage collector. A {@link org.unet4j.torch.Scope} frees every tensor made
 * inside it when it closes: one scope for each training step or tile. {@link org.unet4j.torch.Torch} is called once at
 * the start, {@link org.unet4j.torch.Precision} says in which numbers to compute. Read these three first.
 *
 * <pre>{@code
 * Torch.start(2, true);
 * try (Scope scope = new Scope()) {
 *     Tensor image = Tensors.of(voxels, 1, 1, 40, 56, 40);
 *     try (Autocast autocast = Precision.BF16.autocast(device)) {
 *         logits = network.forward(image);
 *     }
 *     return Tensors.toFloats(logits);
 * }
 * }</pre>
 */
package org.unet4j.torch;
