/**
 * A scan and label maps over it in a browser: three linked planes, surfaces, differences. Java reads files, brings them into
 * right, anterior, superior order, counts, and finds surfaces; the page draws. Its files are resources of this package
 * ({@code viewer.html}, {@code viewer.css}, and modules of plain JavaScript).
 *
 * <p>Read first: {@link org.unet4j.view.Study} (what is shown), {@link org.unet4j.view.ViewServer} (how a browser gets it),
 * {@link org.unet4j.view.SurfaceNets} (where a surface lies).
 *
 * <pre>{@code
 * Study study = Study.read(Path.of("ct.nii.gz"), OptionalInt.empty(), List.of(Path.of("labels.nii.gz")));
 * try (ViewServer server = ViewServer.start(0, () -> study)) {
 *     browse(server.address());
 * }
 * }</pre>
 */
package org.unet4j.view;
