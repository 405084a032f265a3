package org.unet4j.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** Slices with the reference, filled, and each network's outline over it. */
final class PagePictures {

    private static final double[] BARS_MM = {100, 50, 20, 10, 5, 2, 1};

    private final SortedMap<Integer, String> classNames;
    private final List<CasePicture> pictures;

    PagePictures(SortedMap<Integer, String> classNames, List<CasePicture> pictures) {
        this.classNames = classNames;
        this.pictures = pictures;
    }

    /** Returns the section of the pictures; without content where there are none. */
    static Page.Section section(SortedMap<Integer, String> classNames, List<CasePicture> pictures, String which) {
        return new Page.Section(
                "What it looks like",
                "Filled: the reference. Lines: what each network drew, with its Dice on the whole case. " + which,
                pictures.isEmpty() ? "" : new PagePictures(classNames, pictures).html());
    }

    private String html() {
        StringBuilder html = new StringBuilder("<div class=\"pictures\">").append(controls(classNames));
        for (int i = 0; i < pictures.size(); i++) {
            html.append(card(pictures.get(i), "slice" + i));
        }
        return html.append("</div>").toString();
    }

    /** Returns the switch of the outlines and their legend, to stand before cards of class {@code case}. */
    static String controls(SortedMap<Integer, String> classNames) {
        StringBuilder html = new StringBuilder(
                "<input type=\"checkbox\" id=\"overlays\" checked> <label class=\"switch\" for=\"overlays\">show outlines</label>");
        html.append("<ul class=\"legend\">");
        classNames.forEach((cls, name) -> html.append(Markup.fill(
                "<li><span class=\"swatch k{k}\"></span>{n}</li>", "k", "" + color(cls), "n", Markup.escape(name))));
        return html.append("</ul>").toString();
    }

    private static int color(int cls) {
        return (cls - 1) % PageStyle.COLORS;
    }

    private static String card(CasePicture picture, String id) {
        StringBuilder card = new StringBuilder(Markup.fill(
                "<div class=\"card case\"><div><span class=\"role\">{role}</span><h3>{id}</h3>"
                        + "<span class=\"facts\">{plane} slice {slice}, {w} \u00d7 {h} mm</span></div>"
                        + "<div class=\"panels\" style=\"--panels:{n}\">",
                "role",
                Markup.escape(picture.role()),
                "plane",
                picture.plane(),
                "slice",
                "" + picture.slice(),
                "w",
                "" + Math.round(picture.widthMm()),
                "h",
                "" + Math.round(picture.heightMm()),
                "n",
                "" + Math.min(5, picture.outlines().size() + 1),
                "id",
                Markup.escape(picture.caseId())));
        card.append(panel(picture, image(picture, id), Map.of(), "reference", ""));
        for (CasePicture.Outline outline : picture.outlines()) {
            String again = "<use href=\"#" + id + "\"/>"; // The grey slice is in the page once.
            card.append(panel(picture, again, outline.paths(), outline.network(), Numbers.dice(outline.dice())));
        }
        return card.append("</div></div>").toString();
    }

    /** Returns the slice with the reference filled, {@code outline} over it, and two words below. */
    static String panel(CasePicture picture, Map<Integer, String> outline, String name, String dice) {
        return panel(picture, image(picture, ""), outline, name, dice, name);
    }

    private static String image(CasePicture picture, String id) {
        return Markup.fill(
                "<image {id}width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\" href=\"{uri}\"/>",
                "id",
                id.isEmpty() ? "" : "id=\"" + id + "\" ",
                "w",
                number(picture.widthMm()),
                "h",
                number(picture.heightMm()),
                "uri",
                picture.imageUri());
    }

    private static String panel(
            CasePicture picture, String image, Map<Integer, String> outline, String name, String dice) {
        String alt = picture.caseId() + ", " + picture.plane() + " slice " + picture.slice() + ": " + name
                + (dice.isEmpty() ? "" : ", Dice " + dice);
        return panel(picture, image, outline, name, dice, alt);
    }

    private static String panel(
            CasePicture picture, String image, Map<Integer, String> outline, String name, String dice, String alt) {
        double width = picture.widthMm();
        double height = picture.heightMm();
        StringBuilder overlay = new StringBuilder();
        picture.reference()
                .forEach((cls, path) -> overlay.append(path(outline.isEmpty() ? "fill" : "fill under", cls, path)));
        outline.forEach((cls, path) -> overlay.append(path("halo", cls, path)));
        outline.forEach((cls, path) -> overlay.append(path("outline", cls, path)));
        double bar = bar(width);
        double edge = 0.04 * Math.max(width, height);
        return Markup.fill(
                """
                <figure class="panel"><svg viewBox="0 0 {w} {h}" role="img" aria-label="{alt}">{image}\
                <g class="overlay" transform="scale({sx} {sy})">{overlay}</g>\
                <text x="{e}" y="{m}" font-size="{f}" dominant-baseline="middle">{left}</text>\
                <text x="{c}" y="{t}" font-size="{f}" text-anchor="middle">{top}</text>\
                <line class="bar" x1="{b0}" x2="{b1}" y1="{by}" y2="{by}"/>\
                <text x="{bm}" y="{bt}" font-size="{f}" text-anchor="middle">{bar} mm</text></svg>\
                <figcaption><span>{name}</span><span>{dice}</span></figcaption></figure>
                """,
                "w",
                number(width),
                "h",
                number(height),
                "sx",
                number(width / picture.columns()),
                "sy",
                number(height / picture.rows()),
                "overlay",
                overlay.toString(),
                "e",
                number(edge * 0.7),
                "m",
                number(height / 2),
                "c",
                number(width / 2),
                "t",
                number(edge * 1.7),
                "f",
                number(edge * 1.25),
                "left",
                picture.left(),
                "top",
                picture.top(),
                "b0",
                number(width - edge - bar),
                "b1",
                number(width - edge),
                "by",
                number(height - edge),
                "bm",
                number(width - edge - bar / 2),
                "bt",
                number(height - edge * 1.5),
                "bar",
                "" + Math.round(bar),
                "dice",
                dice,
                "image",
                image,
                "alt",
                Markup.escape(alt),
                "name",
                Markup.escape(name));
    }

    private static String path(String style, int cls, String path) {
        return "<path class=\"" + style + " k" + color(cls) + "\" d=\"" + path + "\"/>";
    }

    private static double bar(double width) {
        for (double bar : BARS_MM) {
            if (bar <= 0.3 * width) {
                return bar;
            }
        }
        return BARS_MM[BARS_MM.length - 1];
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
