/**
 * Trained networks in formats that other programs run: ONNX and TorchScript.
 *
 * <p>Both are written from one description of the network, {@link org.unet4j.model.Graph}, so that a new network has both. A file is
 * never left behind unchecked: {@link org.unet4j.export.Export} runs it and compares its logits with the network's. Read
 * {@link org.unet4j.export.Export} first, then {@link org.unet4j.export.OnnxGraph} and {@link org.unet4j.export.TorchScript}.
 *
 * <pre>{@code
 * try (TrainedNetwork trained = TrainedNetwork.read(run, "last.safetensors")) {
 *     Export.write(trained, Format.ONNX, Path.of("pancreas.onnx"));
 * }
 * }</pre>
 */
package org.unet4j.export;
