@echo off
rem Segments scans: predict SCAN... --out DIR. It needs nothing that does not lie in this folder.
rem   UNET4J_JAVA_OPTS   more options for the JVM, e.g. "-Xmx8g" for large scans
setlocal EnableExtensions DisableDelayedExpansion
set "home=%~dp0"
set "home=%home:~0,-1%"
set "collector=-XX:+UseSerialGC"
if defined UNET4J_JAVA_OPTS if not "%UNET4J_JAVA_OPTS:-XX:+Use=%"=="%UNET4J_JAVA_OPTS%" set "collector="
"%home%\runtime\bin\java.exe" -Xmx2g %collector% --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true ^
  "-Donnxruntime.native.path=%home%\natives" "-Dunet4j.standalone=%home%\model.onnx" ^
  %UNET4J_JAVA_OPTS% -cp "%home%\lib\*" org.unet4j.cli.Main %*
exit /b %errorlevel%
