/**
 * A scan and label maps over it in a browser: three linked planes, surfaces, differences. Java reads files, counts, and finds
 * surfaces; the page draws, in right, anterior, superior order. Its files are resources of this package
 * ({@code viewer.html}, {@code viewer.css}, and modules of plain JavaScript), the same for a page that is served and for a viewer
 * inside another page.
 *
 * <p>Read first: {@link org.unet4j.view.Study} (what is shown), {@link org.unet4j.view.ViewServer} (how a browser gets it),
 * {@link org.unet4j.view.EmbeddedViewer} (how a report has it).
 *
 * <pre>{@code
 * StudyFiles study = StudyFiles.of(Path.of("ct.nii.gz"), Path.of("labels.nii.gz"));
 * try (ViewServer server = ViewServer.start(0, study)) {
 *     browse(server.address());
 * }
 *
 * String page = "<style>" + EmbeddedViewer.style() + "</style><body>"
 *         + EmbeddedViewer.of("ct_07", scan, List.of(reference, predicted)).html() + EmbeddedViewer.script();
 * }</pre>
 */
package org.unet4j.view;
